/** The one function of the package that is used: it ships no types. */
declare module 'qrcode' {
  interface QrSymbol {
    readonly modules: { readonly size: number; readonly data: Uint8Array };
  }
  const QRCode: {
    create(text: string, options: { readonly errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' }): QrSymbol;
  };
  export default QRCode;
}
