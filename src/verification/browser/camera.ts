import decodeQr from 'qr/decode.js';

const pauseMs = 150;
/** Of the longer side: enough for a dense code, little enough for an old telephone. */
const maxPixels = 1000;

/**
 * Reads a QR code by the camera, on this device alone: each picture is looked at and forgotten. The button is there only where there
 * can be a camera; pressed again it stops.
 *
 * @param told.refused - no camera, or its use was not allowed
 */
export function onCamera(told: { readonly read: (text: string) => void; readonly refused: () => void }): void {
  const button = document.querySelector<HTMLButtonElement>('[data-verify-camera]');
  const video = document.querySelector<HTMLVideoElement>('[data-verify-video]');
  if (button === null || video === null || !('mediaDevices' in navigator)) return;
  button.hidden = false;
  button.addEventListener('click', () => {
    if (video.srcObject !== null) return stop(button, video);
    start(button, video).then(told.read, told.refused);
  });
}

async function start(button: HTMLButtonElement, video: HTMLVideoElement): Promise<string> {
  video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  video.hidden = false;
  button.setAttribute('aria-pressed', 'true');
  await video.play();
  return new Promise((resolve) => {
    const look = () => {
      if (video.srcObject === null) return;
      const text = codeIn(video);
      if (text === null) return setTimeout(look, pauseMs);
      stop(button, video);
      return resolve(text);
    };
    look();
  });
}

function stop(button: HTMLButtonElement, video: HTMLVideoElement): void {
  if (video.srcObject instanceof MediaStream) for (const track of video.srcObject.getTracks()) track.stop();
  video.srcObject = null;
  video.hidden = true;
  button.setAttribute('aria-pressed', 'false');
}

function codeIn(video: HTMLVideoElement): string | null {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const scale = Math.min(1, maxPixels / Math.max(videoWidth, videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(videoWidth * scale);
  canvas.height = Math.round(videoHeight * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const picture = context?.getImageData(0, 0, canvas.width, canvas.height);
  try {
    return picture === undefined ? null : decodeQr(picture);
  } catch {
    // Most pictures have no code in them.
    return null;
  }
}
