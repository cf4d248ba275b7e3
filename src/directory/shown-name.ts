/** The official name, unless it holds characters that only a certain font can draw (外字): then the display form. */
export function shownName(pupil: { readonly officialName: string; readonly displayName: string }): string {
  return /\p{Co}/u.test(pupil.officialName) ? pupil.displayName : pupil.officialName;
}
