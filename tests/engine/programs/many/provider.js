exports.check = async (_olds, news) => ({ inputs: news });
exports.diff = async (_id, olds, news) => ({ changes: olds.text !== news.text });
exports.create = async (inputs) => {
    // Time for an engine to be killed in.
    await new Promise((resolve) => setTimeout(resolve, Number(process.env.DELAY_MS ?? 0)));
    return { id: `id-${inputs.index}`, outs: inputs };
};
exports.update = async (_id, _olds, news) => ({ outs: news });
exports.read = async (id, props) => ({ id, props });
exports.delete = async () => {};
