// Packed columns become numbers: see pack.rs for how they are written.
const inflate = async text => {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let k = 0; k < raw.length; k++) bytes[k] = raw.charCodeAt(k);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};

const differences = (bytes, power) => {
  let count = 0;
  for (let k = 0; k < bytes.length; k++) if (bytes[k] < 128) count++;
  const values = new Float64Array(count), times = 10 ** Math.abs(power);
  let at = 0, number = 0;
  for (let k = 0; k < bytes.length; k++) {
    const byte = bytes[k];
    if (byte === 0) { values[at++] = NaN; continue; }
    if (byte < 128) number += byte & 1 ? byte >> 1 : -(byte >> 1);
    else {
      // Not more than 2^53: bits are put together by arithmetic, as whole numbers have 32 of them here.
      let code = byte & 127, next = byte;
      for (let place = 128; next > 127; place *= 128) { next = bytes[++k]; code += (next & 127) * place; }
      number += code % 2 ? (code - 1) / 2 : -code / 2;
    }
    values[at++] = power < 0 ? number / times : number * times;
  }
  return values;
};

// All columns of some tables, by their keys. Several may be in one blob; each blob is inflated once.
const unpack = tables => {
  const inflated = new Map();
  const open = blob => {
    if (!inflated.has(blob)) {
      const element = document.getElementById("blob" + blob);
      inflated.set(blob, inflate(element.textContent));
      element.remove();
    }
    return inflated.get(blob);
  };
  return Promise.all(tables.map(async table => {
    const columns = {};
    await Promise.all(Object.entries(table.columns).map(async ([key, { blob, from, to, power }]) => {
      columns[key] = differences((await open(blob)).subarray(from, to), power);
    }));
    return columns;
  }));
};
