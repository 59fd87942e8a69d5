// Gives raw inputs to MediaPipe's tasks; the files are given to them as they are.

import * as audio from '@mediapipe/tasks-audio';
import * as text from '@mediapipe/tasks-text';

import {samplesOf} from './inputs.js';

const filesOf = (name) => `/modules/@mediapipe/tasks-${name}/wasm`;
const named = ({categories}) => Object.fromEntries(
  categories.map(({categoryName, score}) => [categoryName, score]),
);

async function closing(task, work) {
  try {
    return await work(task);
  } finally {
    task.close();
  }
}

// The score of every class by name, for each text.
window.classifyTexts = async (url, texts) => {
  const files = await text.FilesetResolver.forTextTasks(filesOf('text'));
  const classifier = await text.TextClassifier.createFromModelPath(files, url);
  return closing(classifier, () => texts.map(
    (one) => named(classifier.classify(one).classifications[0]),
  ));
};

// The score of every class by name, for each window of each sound.
window.classifySounds = async (url, sounds, rate) => {
  const files = await audio.FilesetResolver.forAudioTasks(filesOf('audio'));
  const classifier = await audio.AudioClassifier.createFromModelPath(files, url);
  return closing(classifier, async () => {
    const found = [];
    for (const sound of sounds) {
      const windows = classifier.classify(await samplesOf(sound), rate);
      found.push(windows.map(({classifications}) => named(classifications[0])));
    }
    return found;
  });
};

window.ready = true;
