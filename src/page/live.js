// A page that is served asks for the rows that it does not hold, where they are looked at: raw 64-bit numbers, a request a column.
const MOST_ASKED = 400000;

const ask = async (series, first, last) => {
  const keys = Object.keys(series.columns).filter(key => !key.endsWith(".high"));
  const columns = await Promise.all(keys.map(async key => {
    const answer = await fetch(`rows/${key}`, { headers: { Range: `bytes=${8 * first}-${8 * last + 7}` } });
    if (answer.status !== 206) throw new Error(`${answer.status} ${answer.statusText}`);
    return [key, new Float64Array(await answer.arrayBuffer())];
  }));
  return new Rows({ ...series, rows: last - first + 1, bin: 1, range: [null, null] }, Object.fromEntries(columns), first);
};
