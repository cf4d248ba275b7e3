import type { Locale } from '../locale.ts';
import { t } from '../text.ts';

export function PageFooter({ locale }: { readonly locale: Locale }) {
  return (
    <footer class="footer">
      <div class="footer-inner">
        <p class="footer-name">
          <strong>{t(locale, 'layout.service')}</strong> {t(locale, 'layout.tagline')}
        </p>
        <nav aria-label={t(locale, 'layout.footer')}>
          <ul class="footer-links">
            <li>
              <a href="/verify">{t(locale, 'verify.link')}</a>
            </li>
            <li>
              <a href="/statistics">{t(locale, 'statistics.title')}</a>
            </li>
            <li>
              <a href="/problems">{t(locale, 'problem.guide')}</a>
            </li>
            <li>
              <a href="/api">{t(locale, 'layout.api')}</a>
            </li>
          </ul>
        </nav>
      </div>
    </footer>
  );
}
