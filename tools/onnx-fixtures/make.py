"""Makes the ONNX fixtures of engines/onnxruntime: two tiny decoders with the signatures of Hugging
Face Optimum and of ONNX Runtime GenAI, and the logits that numpy computes for them.

    pip install -r requirements.txt
    python make.py ../../engines/onnxruntime/src/test/resources/exports
"""

import json
import sys
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

VOCABULARY, HIDDEN, HEADS, KV_HEADS, HEAD, INNER, CONTEXT = 24, 32, 2, 1, 16, 48, 64
TOKENS = [5, 9, 13, 2, 17, 20, 4]
NEXT = [7, 23, 0]
EPSILON = 1e-5

random = numpy.random.default_rng(4)


def matrix(rows, columns):
    return (random.standard_normal((rows, columns)) / columns**0.5).astype(numpy.float32)


W = {
    "embed": random.standard_normal((VOCABULARY, HIDDEN)).astype(numpy.float32),
    "q": matrix(HEADS * HEAD, HIDDEN),
    "k": matrix(KV_HEADS * HEAD, HIDDEN),
    "v": matrix(KV_HEADS * HEAD, HIDDEN),
    "o": matrix(HIDDEN, HEADS * HEAD),
    "up": matrix(INNER, HIDDEN),
    "down": matrix(HIDDEN, INNER),
    "head": matrix(VOCABULARY, HIDDEN),
}
ANGLES = numpy.outer(numpy.arange(CONTEXT), 10000.0 ** (-2.0 * numpy.arange(HEAD // 2) / HEAD))
COS, SIN = numpy.cos(ANGLES).astype(numpy.float32), numpy.sin(ANGLES).astype(numpy.float32)


def reference(tokens):
    """Logits after the last token, in double precision."""
    w = {name: value.astype(numpy.float64) for name, value in W.items()}
    norm = lambda x: x / numpy.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
    t = len(tokens)
    x = w["embed"][tokens]
    h = norm(x)

    def heads(name, count):
        return (h @ w[name].T).reshape(t, count, HEAD)

    def rotated(y):
        a, b = y[..., : HEAD // 2], y[..., HEAD // 2 :]
        c, s = numpy.cos(ANGLES[:t])[:, None], numpy.sin(ANGLES[:t])[:, None]
        return numpy.concatenate([a * c - b * s, b * c + a * s], -1)

    q, k, v = rotated(heads("q", HEADS)), rotated(heads("k", KV_HEADS)), heads("v", KV_HEADS)
    scores = numpy.einsum("qhd,kgd->hqk", q, k) / HEAD**0.5
    scores = numpy.where(numpy.tril(numpy.ones((t, t))) > 0, scores, -numpy.inf)
    shares = numpy.exp(scores - scores.max(-1, keepdims=True))
    shares /= shares.sum(-1, keepdims=True)
    x = x + numpy.einsum("hqk,kgd->qhd", shares, v).reshape(t, -1) @ w["o"].T
    x = x + numpy.maximum(norm(x) @ w["up"].T, 0) @ w["down"].T
    return (norm(x) @ w["head"].T)[-1]


class Graph:
    def __init__(self):
        self.nodes, self.initializers, self.count = [], [], 0

    def constant(self, value):
        name = f"c{len(self.initializers)}"
        self.initializers.append(numpy_helper.from_array(numpy.asarray(value), name))
        return name

    def op(self, kind, *inputs, domain="", outputs=None, **attributes):
        outputs = outputs or [f"r{self.count}"]
        self.count += 1
        names = [i if isinstance(i, str) else self.constant(i) for i in inputs]
        self.nodes.append(helper.make_node(kind, names, outputs, domain=domain, **attributes))
        return outputs[0]

    def linear(self, x, name):
        return self.op("MatMul", x, numpy.ascontiguousarray(W[name].T))

    def norm(self, x):
        mean = self.op("ReduceMean", self.op("Mul", x, x), numpy.array([-1]), keepdims=1)
        return self.op("Div", x, self.op("Sqrt", self.op("Add", mean, numpy.float32(EPSILON))))

    def tail(self, x, attended):
        """From the attention's result to the logits of every token."""
        x = self.op("Add", x, self.linear(attended, "o"))
        inner = self.op("Relu", self.linear(self.norm(x), "up"))
        x = self.op("Add", x, self.linear(inner, "down"))
        self.op("MatMul", self.norm(x), numpy.ascontiguousarray(W["head"].T), outputs=["logits"])

    def save(self, path, inputs):
        real, whole = TensorProto.FLOAT, TensorProto.INT64
        ids = lambda name, length: helper.make_tensor_value_info(name, whole, ["batch", length])
        cache = lambda name, length: helper.make_tensor_value_info(
            name, real, ["batch", KV_HEADS, length, HEAD]
        )
        lengths = {"input_ids": "tokens", "attention_mask": "total", "position_ids": "tokens"}
        graph = helper.make_graph(
            self.nodes,
            "main_graph",
            [ids(name, lengths[name]) for name in inputs]
            + [cache(f"past_key_values.0.{part}", "past") for part in ("key", "value")],
            [helper.make_tensor_value_info("logits", real, ["batch", "tokens", VOCABULARY])]
            + [cache(f"present.0.{part}", "total") for part in ("key", "value")],
            self.initializers,
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=10), path)


def optimum(path):
    g = Graph()
    x = g.op("Gather", W["embed"], "input_ids")
    h = g.norm(x)
    cos = g.op("Unsqueeze", g.op("Gather", COS, "position_ids"), numpy.array([1]))
    sin = g.op("Unsqueeze", g.op("Gather", SIN, "position_ids"), numpy.array([1]))

    def heads(name, count):
        y = g.op("Reshape", g.linear(h, name), numpy.array([0, 0, count, HEAD]))
        return g.op("Transpose", y, perm=[0, 2, 1, 3])

    def rotated(y):
        part = lambda a, b: g.op("Slice", y, numpy.array([a]), numpy.array([b]), numpy.array([3]))
        a, b = part(0, HEAD // 2), part(HEAD // 2, HEAD)
        first = g.op("Sub", g.op("Mul", a, cos), g.op("Mul", b, sin))
        second = g.op("Add", g.op("Mul", b, cos), g.op("Mul", a, sin))
        return g.op("Concat", first, second, axis=-1)

    q, k, v = rotated(heads("q", HEADS)), rotated(heads("k", KV_HEADS)), heads("v", KV_HEADS)
    k = g.op("Concat", "past_key_values.0.key", k, axis=2, outputs=["present.0.key"])
    v = g.op("Concat", "past_key_values.0.value", v, axis=2, outputs=["present.0.value"])
    scores = g.op("MatMul", q, g.op("Transpose", k, perm=[0, 1, 3, 2]))
    scores = g.op("Mul", scores, numpy.float32(HEAD**-0.5))
    # Keys are seen up to the query's position and where the mask is not 0.
    total = g.op("Gather", g.op("Shape", "attention_mask"), numpy.array(1))
    keys = g.op("Range", numpy.array(0), total, numpy.array(1))
    later = g.op("Greater", keys, g.op("Unsqueeze", "position_ids", numpy.array([1, 3])))
    masked = g.op("Equal", "attention_mask", numpy.array(0))
    hidden = g.op("Or", later, g.op("Unsqueeze", masked, numpy.array([1, 2])))
    scores = g.op("Where", hidden, numpy.float32(-1e9), scores)
    mixed = g.op("MatMul", g.op("Softmax", scores, axis=-1), v)
    mixed = g.op("Reshape", g.op("Transpose", mixed, perm=[0, 2, 1, 3]), numpy.array([0, 0, -1]))
    g.tail(x, mixed)
    g.save(path, ["input_ids", "attention_mask", "position_ids"])


def genai(path):
    g = Graph()
    x = g.op("Gather", W["embed"], "input_ids")
    h = g.norm(x)
    sums = g.op("ReduceSum", "attention_mask", numpy.array([1]), keepdims=0)
    last = g.op("Cast", g.op("Sub", sums, numpy.array(1)), to=TensorProto.INT32)
    total = g.op("Gather", g.op("Shape", "attention_mask"), numpy.array(1))
    g.op(
        "GroupQueryAttention",
        g.linear(h, "q"),
        g.linear(h, "k"),
        g.linear(h, "v"),
        "past_key_values.0.key",
        "past_key_values.0.value",
        last,
        g.op("Cast", total, to=TensorProto.INT32),
        COS,
        SIN,
        domain="com.microsoft",
        outputs=["mixed", "present.0.key", "present.0.value"],
        num_heads=HEADS,
        kv_num_heads=KV_HEADS,
        do_rotary=1,
    )
    g.tail(x, "mixed")
    g.save(path, ["input_ids", "attention_mask"])


if __name__ == "__main__":
    home = Path(sys.argv[1])
    home.mkdir(parents=True, exist_ok=True)
    optimum(home / "optimum.onnx")
    genai(home / "genai.onnx")
    steps = [TOKENS + NEXT[:n] for n in range(len(NEXT) + 1)]
    expected = {
        "tokens": TOKENS,
        "next": NEXT,
        "logits": [reference(step).tolist() for step in steps],
    }
    (home / "logits.json").write_text(json.dumps(expected, indent=1) + "\n")
