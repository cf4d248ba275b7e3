const paths = {
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  question: 'M9.2 9.2a2.8 2.8 0 1 1 4.2 2.5c-.9.5-1.4 1.1-1.4 2.1M12 17.2v.1',
  exclamation: 'M12 6.5v7M12 17.2v.1',
  info: 'M12 11v6M12 7.2v.1',
  dot: 'M12 12v.1',
  file: 'M7 3.5h7l4 4v13H7zM13.5 3.5v4.5H18',
  upload: 'M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19.5h14',
  download: 'M12 5v11M7.5 11.5L12 16l4.5-4.5M5 19.5h14',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z',
  clock: 'M12 7v5.2l3.4 2M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17',
  person: 'M12 12a4 4 0 1 0 0-8a4 4 0 0 0 0 8M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  school: 'M3.5 20.5h17M5.5 20.5V10L12 5.5l6.5 4.5v10.5M10 20.5v-5h4v5M12 5.5V2.5h3.5',
  inbox: 'M4 13.5l2.5-8h11l2.5 8v6H4zM4 13.5h5l1 2.5h4l1-2.5h5',
  send: 'M20.5 3.5L3.5 10.5l6.5 3l3 6.5z M20.5 3.5L10 13.5',
  copy: 'M8.5 8.5h11v12h-11zM15.5 8.5v-5h-11v12h4',
  print: 'M7 8.5v-5h10v5M7 17H4V8.5h16V17h-3M7 14h10v6.5H7z',
  next: 'M9 5.5l6.5 6.5L9 18.5',
  previous: 'M15 5.5L8.5 12l6.5 6.5',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
} as const;

export type IconName = keyof typeof paths;

/** A line drawing beside a word; it says nothing itself, so assistive technology does not see it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={paths[name]} />
    </svg>
  );
}
