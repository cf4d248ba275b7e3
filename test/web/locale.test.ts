import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { chooseLocale, inLocale, type LocaleVariables, localeMiddleware } from '../../src/web/locale.ts';
import { en } from '../../src/web/locales/en.ts';
import { ja } from '../../src/web/locales/ja.ts';
import { fill, isMessageKey, t, textOrKey } from '../../src/web/text.ts';

const silent = { query: undefined, cookie: undefined, acceptLanguage: undefined };

const locales = join(import.meta.dirname, '..', '..', 'src', 'web', 'locales');

describe('the texts of a language', () => {
  it.each(['ja', 'en'])(
    'stand in one file each, since a second one would silently take its place: %s',
    async (locale) => {
      const files = await readdir(join(locales, locale));
      const parts = await Promise.all(
        files.map(async (file) => {
          // Sound: the files of a language export objects of texts and nothing else.
          const found = (await import(join(locales, locale, file))) as Readonly<Record<string, object>>;
          return Object.values(found).flatMap((texts) => Object.keys(texts));
        }),
      );
      const keys = parts.flat();
      expect(files.length).toBeGreaterThan(10);
      expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
      expect(keys.toSorted()).toEqual(Object.keys(locale === 'ja' ? ja : en).toSorted());
    },
  );
});

describe('the language of an answer', () => {
  it('is Japanese when nobody says anything', () => {
    expect(chooseLocale(silent)).toBe('ja');
  });

  it('follows ?lang=, then the cookie, then Accept-Language', () => {
    expect(chooseLocale({ query: 'ja', cookie: 'en', acceptLanguage: 'en' })).toBe('ja');
    expect(chooseLocale({ ...silent, cookie: 'en', acceptLanguage: 'ja' })).toBe('en');
    expect(chooseLocale({ ...silent, acceptLanguage: 'en-US,en;q=0.9,ja;q=0.8' })).toBe('en');
  });

  it('weighs the wishes of Accept-Language and passes over languages it does not speak', () => {
    expect(chooseLocale({ ...silent, acceptLanguage: 'en;q=0.2, ja-JP;q=0.9' })).toBe('ja');
    expect(chooseLocale({ ...silent, acceptLanguage: 'fr, de;q=0.9, en;q=0.1' })).toBe('en');
    expect(chooseLocale({ ...silent, acceptLanguage: 'en;q=0' })).toBe('ja');
  });

  it.each(['', ';;;', 'en;q=x', ','.repeat(400), 'ja'.repeat(400), '<script>'])('survives %j', (text) => {
    expect(chooseLocale({ query: text, cookie: text, acceptLanguage: text })).toBe('ja');
  });

  it('is remembered in a cookie only when it was asked for', async () => {
    const app = new Hono<{ Variables: LocaleVariables }>();
    app.use(localeMiddleware()).get('/', (c) => c.text(c.get('locale')));
    const asked = await app.request('/?lang=en');
    expect(await asked.text()).toBe('en');
    expect(asked.headers.get('set-cookie')).toMatch(/^__Host-lang=en; .*Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const plain = await app.request('/', { headers: { cookie: '__Host-lang=en' } });
    expect(await plain.text()).toBe('en');
    expect(plain.headers.get('set-cookie')).toBeNull();
  });

  it('changes in a link without losing the rest of the address', () => {
    expect(inLocale('/cases?state=open&lang=ja', 'en')).toBe('/cases?state=open&lang=en');
    expect(inLocale('//evil.example/x', 'en')).toBe('/x?lang=en');
  });
});

describe('texts', () => {
  it('are the same keys in both languages, none empty', () => {
    expect(Object.keys(en).toSorted()).toEqual(Object.keys(ja).toSorted());
    const empty = [...Object.entries(ja), ...Object.entries(en)].filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });

  it('have the same places to fill in both languages', () => {
    const places = (text: string) =>
      [...text.matchAll(/\{(\w+)\}/g)]
        .map(([place]) => place)
        .toSorted()
        .join();
    const english: Readonly<Record<string, string>> = en;
    const different = Object.entries(ja).filter(([key, text]) => places(text) !== places(english[key] ?? ''));
    expect(different).toEqual([]);
  });

  it('take values, and show no braces where one is missing', () => {
    expect(t('ja', 'component.shown', { count: 3 })).toBe('3 件を表示');
    expect(t('en', 'component.shown', { count: '1,024' })).toBe('Showing 1,024');
    expect(fill('{a} と {b}', { a: 'x' })).toBe('x と …');
  });

  it('of field errors come as a key or as they are', () => {
    expect(textOrKey('en', 'component.required')).toBe('Required');
    expect(textOrKey('en', 'Too short')).toBe('Too short');
    expect(isMessageKey('toString')).toBe(false);
  });
});
