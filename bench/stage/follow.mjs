// Loaded into every contender: it ends with the bench, whatever has ended that, and not before it.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
