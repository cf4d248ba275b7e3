import { qrModules, quietZone } from '../web/qr-modules.ts';

/** A QR code as vector squares, with the quiet zone around it. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, dark } = qrModules(text);
  const squares = dark.flatMap((isDark, index) =>
    isDark ? [`M${(index % size) + quietZone} ${Math.floor(index / size) + quietZone}h1v1h-1z`] : [],
  );
  const side = size + 2 * quietZone;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} width="220" height="220">
      <rect width={side} height={side} fill="#fff" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  );
}
