// Loaded into every contender: it ends with the bench, whatever has ended that.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
