// The residual map of two pictures: |a − b| of every sample, times a factor, black where they are the same.
const residual = (() => {
  "use strict";

  async function samples(uri) {
    const image = new Image();
    image.src = uri;
    await image.decode();
    const canvas = dom.make("canvas", { width: image.naturalWidth, height: image.naturalHeight });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }

  // Returns the mean difference, in 0..255.
  async function draw(canvas, a, b, factor) {
    const [left, right] = await Promise.all([samples(a), samples(b)]);
    const map = new ImageData(left.width, left.height);
    let sum = 0;
    for (let i = 0; i < map.data.length; i++) {
      const difference = Math.abs(left.data[i] - right.data[i]);
      const alpha = i % 4 === 3;
      map.data[i] = alpha ? 255 : difference * factor;
      sum += alpha ? 0 : difference;
    }
    canvas.width = map.width;
    canvas.height = map.height;
    canvas.getContext("2d").putImageData(map, 0, 0);
    return sum / (map.data.length * 0.75);
  }

  return { draw };
})();
