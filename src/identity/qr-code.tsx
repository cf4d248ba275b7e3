import QRCode from 'qrcode';

/** A QR code as vector squares, with the quiet zone of four modules that readers need (ISO/IEC 18004 §9.1). */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const { size, data } = modules;
  const squares: string[] = [];
  for (let index = 0; index < size * size; index += 1) {
    if (data[index] === 1) squares.push(`M${(index % size) + 4} ${Math.floor(index / size) + 4}h1v1h-1z`);
  }
  const side = size + 8;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${side} ${side}`} width="220" height="220">
      <rect width={side} height={side} fill="#fff" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  );
}
