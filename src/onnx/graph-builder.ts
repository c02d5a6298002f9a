import type { Attribute, Graph, GraphNode } from './graph.ts';
import { importGraph } from './import-graph.ts';
import { type AttributeKind, type OpAttributes, type OpType, opAttributes } from './ops.ts';
import { prunedGraph } from './prune.ts';
import { type Dim, type DType, dtypeCodes, type TensorData, type TypedArray, tensorOf } from './tensor.ts';
import { writeModel } from './write-model.ts';

declare const valueBrand: unique symbol;
/** The name of a value in its graph. */
export type Value = string & { readonly [valueBrand]: true };

/** Written into each file; ORT 1.30 takes IR up to 13 and opset up to 26, and its layout optimiser knows all ops of 20. */
export const defaultOpset = 20;
const irVersion = 9;

/**
 * Writes an ONNX graph node by node. Values are names; the same calls give the same bytes.
 *
 *     const graph = new GraphBuilder('head');
 *     const x = graph.input('x', 'float32', ['N', 4]);
 *     const y = graph.op('Gemm', [x, graph.constant(weight, [4, 2]), graph.constant(bias)]);
 *     graph.output('logits', y, 'float32', ['N', 2]);
 *     const bytes = graph.toBytes();
 */
export class GraphBuilder {
  readonly graph: Graph;
  readonly opset: number;
  /** Versions of further operator domains, from imported graphs. */
  readonly domains = new Map<string, number>();
  readonly metadata = new Map<string, string>();
  #names = new Set<string>();
  #counters = new Map<string, number>();

  constructor(name: string, options: { opset?: number } = {}) {
    this.opset = options.opset ?? defaultOpset;
    this.graph = { name, nodes: [], initializers: new Map(), inputs: [], outputs: [] };
  }

  /** A builder with the operator versions of a model, which `import` can then copy in. */
  static withOpsets(name: string, opsets: ReadonlyMap<string, number>): GraphBuilder {
    const graph = new GraphBuilder(name, { opset: opsets.get('') ?? defaultOpset });
    for (const [domain, version] of opsets) if (domain !== '') graph.domains.set(domain, version);
    return graph;
  }

  /** A graph input. Strings in the shape name free sizes ('N'). */
  input(name: string, dtype: DType, shape: readonly Dim[]): Value {
    const value = this.#claim(name);
    this.graph.inputs.push({ name, dtype, shape: [...shape] });
    return value;
  }

  /**
   * A constant over the array's own bytes (not copied until `toBytes`). Shape defaults to [length].
   * `dtype` reads Uint8Array as `bool` or Uint16Array as `float16`.
   */
  constant(array: TypedArray, shape?: readonly number[], options: { name?: string; dtype?: DType } = {}): Value {
    return this.initializer(tensorOf(array, shape, options.dtype), options.name);
  }

  initializer(tensor: TensorData, name?: string): Value {
    const value = this.#claim(name ?? this.#fresh('constant'));
    this.graph.initializers.set(value, tensor);
    return value;
  }

  /** A float32 constant of shape []. */
  scalar(value: number, name?: string): Value {
    return this.initializer(tensorOf(Float32Array.of(value), []), name);
  }

  /** An int64 constant of shape [n]: axes, shapes, starts. */
  int64(values: readonly (number | bigint)[], name?: string): Value {
    return this.initializer(tensorOf(BigInt64Array.from(values, BigInt)), name);
  }

  /** A node with one output. An undefined input = an optional one left out. `name` names the output. */
  op<T extends OpType>(
    type: T,
    inputs: readonly (Value | undefined)[],
    attributes?: OpAttributes<T>,
    name?: string,
  ): Value {
    return this.ops(type, inputs, attributes, [name])[0]!;
  }

  /** A node with several outputs: their names, or undefined for generated names. */
  ops<T extends OpType>(
    type: T,
    inputs: readonly (Value | undefined)[],
    attributes: OpAttributes<T> | undefined,
    outputs: readonly (string | undefined)[],
  ): Value[] {
    for (const input of inputs) if (input !== undefined) this.#mustKnow(input, type);
    const values = outputs.map((name) => this.#claim(name ?? this.#fresh(type)));
    this.graph.nodes.push({
      type,
      domain: '',
      name: values[0]!,
      inputs: inputs.map((input) => input ?? ''),
      outputs: values,
      attributes: encodeAttributes(type, attributes ?? {}),
    });
    return values;
  }

  cast(value: Value, to: DType, name?: string): Value {
    return this.op('Cast', [value], { to: dtypeCodes[to] }, name);
  }

  /** Declares a graph output. A value of another name goes through Identity, which ORT removes. */
  output(name: string, value: Value, dtype: DType, shape: readonly Dim[]): void {
    this.#mustKnow(value, 'output');
    if (value !== name) this.op('Identity', [value], {}, name);
    this.graph.outputs.push({ name, dtype, shape: [...shape] });
  }

  /** The value of that name. @throws Error when there is none */
  value(name: string): Value {
    this.#mustKnow(name, 'value()');
    return name as Value;
  }

  /**
   * Copies another graph in. Its names get `prefix`; its inputs are replaced by the given values.
   * Returns a look-up from a name in the source to the value here. Nodes that no output needs are dropped by `toBytes`.
   */
  import(source: Graph, options: { prefix: string; inputs: Record<string, Value> }): (name: string) => Value {
    const { nodes, initializers, rename } = importGraph(source, options.prefix, options.inputs);
    for (const [name, tensor] of initializers) this.initializer(tensor, name);
    for (const node of nodes) {
      for (const output of node.outputs) if (output !== '') this.#claim(output);
      this.graph.nodes.push(node);
    }
    return (name) => this.value(rename(name));
  }

  /** The file's bytes: only what the outputs need, in the order of the calls. */
  toBytes(): Uint8Array {
    const opsets = new Map([['', this.opset], ...this.domains]);
    return writeModel({
      irVersion,
      opsets,
      producer: 'mitate',
      metadata: this.metadata,
      graph: prunedGraph(this.graph),
    });
  }

  #fresh(type: string): string {
    const stem = type.toLowerCase();
    for (;;) {
      const count = this.#counters.get(stem) ?? 0;
      this.#counters.set(stem, count + 1);
      const name = `${stem}_${count}`;
      if (!this.#names.has(name)) return name;
    }
  }

  #claim(name: string): Value {
    if (name === '' || this.#names.has(name))
      throw new Error(`graph ${this.graph.name}: value "${name}" is defined twice`);
    this.#names.add(name);
    return name as Value;
  }

  #mustKnow(name: string, where: string): void {
    if (!this.#names.has(name))
      throw new Error(`graph ${this.graph.name}: ${where} uses "${name}", which is not defined`);
  }
}

function encodeAttributes(type: OpType, values: Record<string, unknown>): GraphNode['attributes'] {
  const kinds: Record<string, AttributeKind> = opAttributes[type];
  const out = new Map<string, Attribute>();
  for (const name of Object.keys(values).sort()) {
    const value = values[name];
    if (value === undefined) continue;
    const kind = kinds[name];
    if (!kind) throw new Error(`${type} has no attribute "${name}"`);
    out.set(name, encodeAttribute(kind, value));
  }
  return out;
}

function encodeAttribute(kind: AttributeKind, value: unknown): Attribute {
  if (kind === 'int') return { kind, value: BigInt(value as number) };
  if (kind === 'ints') return { kind, value: (value as number[]).map((item) => BigInt(item)) };
  return { kind, value } as Attribute;
}
