// A photograph from the camera.

import {make, once} from '/page/elements.js';

const REFUSED = {
  NotAllowedError: 'The camera was refused. Allow it beside the address of this page, or choose a picture.',
  NotFoundError: 'There is no camera here. Choose a picture instead.',
  NotReadableError: 'The camera is in use by another program. Close that, or choose a picture.',
};

// Returns a button: the first use opens the camera, the second takes the photograph.
//
// Args:
//   panel: for messages.
//   place: where the view of the camera is shown.
//   taken: called with a canvas.
export function camera(panel, place, taken) {
  const video = make('video', {autoplay: true, playsinline: true, muted: true, 'aria-label': 'View of the camera'});
  video.muted = true;
  let stream = null;
  const close = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    button.textContent = 'Use the camera';
  };
  const button = make('button', {type: 'button', click: once(() => panel.attempt(async () => {
    if (!stream) {
      stream = await opened();
      video.srcObject = stream;
      place.replaceChildren(video);
      await video.play();
      button.textContent = 'Take the photograph';
      return;
    }
    const picture = make('canvas', {width: video.videoWidth, height: video.videoHeight});
    picture.getContext('2d').drawImage(video, 0, 0);
    close();
    await taken(picture);
  }))}, 'Use the camera');
  // A picture that takes the place of the view ends the camera.
  new MutationObserver(() => video.isConnected || close()).observe(place, {childList: true});
  return button;
}

async function opened() {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error('A browser gives the camera to pages from this machine or by https only. Choose a picture instead.');
  }
  try {
    return await navigator.mediaDevices.getUserMedia({video: {facingMode: 'environment'}});
  } catch (error) {
    throw new Error(REFUSED[error.name] ?? `The camera cannot be had (${error.message}). Choose a picture instead.`);
  }
}
