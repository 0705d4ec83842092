import { escapeHtml } from '../html';
import { page } from '../mail/unsubscribe-page';

const RATINGS = [
  [5, 'Very good'],
  [4, 'Good'],
  [3, 'Fair'],
  [2, 'Bad'],
  [1, 'Very bad'],
] as const;

/** What a feedback page shows of a case. */
export interface FeedbackView {
  caseNumber: string;
  summary: string;
  rating: number | null;
  feedback: string | null;
}

/** The page that asks how a case went; what was said before is filled in, and `problem` is what was wrong with it. */
export function feedbackPage(
  { caseNumber, summary, rating, feedback }: FeedbackView,
  problem?: string,
): string {
  const choice = ([value, words]: (typeof RATINGS)[number]) =>
    `<div class="field tick"><input type="radio" name="rating" id="rating-${value}" value="${value}" required${rating === value ? ' checked' : ''}>
<label for="rating-${value}">${words}</label></div>`;
  return page(
    'How did we do?',
    `<p>${escapeHtml(caseNumber)}: <strong>${escapeHtml(summary)}</strong></p>
${problem ? `<div class="errors" role="alert"><p>${escapeHtml(problem)}</p></div>\n` : ''}<form method="post">
<fieldset>
<legend>Your rating</legend>
${RATINGS.map(choice).join('\n')}
</fieldset>
<div class="field"><label for="feedback">What do you want to tell us?</label>
<textarea id="feedback" name="feedback" rows="6" maxlength="10000">${escapeHtml(feedback ?? '')}</textarea></div>
<button type="submit">Send</button>
</form>`,
  );
}

/** The page of feedback that was given. */
export function thanksPage(): string {
  return page('Thank you', '<p>Your feedback has arrived.</p>');
}
