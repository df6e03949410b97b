// Asks a running `rackmark serve` what the official Node SDK expects of an OpenAI endpoint.
// usage: node check.mjs http://127.0.0.1:8080/v1 [model]
import assert from 'node:assert/strict';
import OpenAI from 'openai';

const [baseURL = 'http://127.0.0.1:8080/v1', model = 'embedded'] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey: process.env.RACKMARK_API_KEY ?? 'none', maxRetries: 0 });
const messages = [{ role: 'user', content: 'how many customers are there' }];
const chat = { model, messages, temperature: 0, max_completion_tokens: 80 };
let failed = 0;

async function check(name, run) {
  try {
    const seen = await run();
    console.log(`ok    ${name}${seen ? `: ${JSON.stringify(seen)}` : ''}`);
  } catch (e) {
    failed++;
    console.log(`FAIL  ${name}: ${e.message}`);
  }
}

await check('models.list', async () => {
  const ids = [];
  for await (const each of client.models.list()) ids.push(each.id);
  assert.ok(ids.includes(model));
  return ids;
});
await check('models.retrieve', async () => (await client.models.retrieve(model)).id);

let whole = '';
await check('chat.completions', async () => {
  const answer = await client.chat.completions.create(chat);
  whole = answer.choices[0].message.content;
  assert.equal(answer.object, 'chat.completion');
  assert.ok(['stop', 'length'].includes(answer.choices[0].finish_reason));
  assert.equal(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens);
  return answer.usage;
});
await check('chat.completions, streaming with usage', async () => {
  const stream = await client.chat.completions.create({
    ...chat, stream: true, stream_options: { include_usage: true },
  });
  let text = '', usage = null, finish = null;
  for await (const chunk of stream) {
    text += chunk.choices[0]?.delta?.content ?? '';
    finish ??= chunk.choices[0]?.finish_reason ?? null;
    usage = chunk.usage ?? usage;
  }
  assert.equal(text, whole);
  assert.ok(finish && usage.total_tokens > 0);
});
await check('chat.completions, stream helper', async () => {
  const answer = await client.chat.completions.stream(chat).finalChatCompletion();
  assert.equal(answer.choices[0].message.content, whole);
});
await check('chat.completions, stop', async () => {
  const answer = await client.chat.completions.create({ ...chat, stop: ['SELECT'] });
  assert.ok(!answer.choices[0].message.content.includes('SELECT'));
  assert.equal(answer.choices[0].finish_reason, 'stop');
});
await check('chat.completions, seed repeats', async () => {
  const ask = async () =>
    (await client.chat.completions.create({ ...chat, temperature: 1, seed: 7 })).choices[0].message.content;
  assert.equal(await ask(), await ask());
});
await check('chat.completions, json_object', async () => {
  const answer = await client.chat.completions.create({ ...chat, response_format: { type: 'json_object' } });
  return JSON.parse(answer.choices[0].message.content);
});
await check('chat.completions, json_schema', async () => {
  const schema = {
    type: 'object',
    properties: { verdict: { enum: ['yes', 'no'] }, sure: { type: ['boolean', 'null'] } },
    required: ['verdict', 'sure'],
    additionalProperties: false,
  };
  const answer = await client.chat.completions.create({
    ...chat, response_format: { type: 'json_schema', json_schema: { name: 'v', strict: true, schema } },
  });
  const value = JSON.parse(answer.choices[0].message.content);
  assert.ok(['yes', 'no'].includes(value.verdict));
  return value;
});
await check('chat.completions, logprobs', async () => {
  const asked = { ...chat, logprobs: true, top_logprobs: 2 };
  const told = (await client.chat.completions.create(asked)).choices[0].logprobs.content;
  assert.equal(Buffer.from(told.flatMap((t) => t.bytes)).toString(), whole);
  assert.ok(told.every((t) => t.logprob <= 0 && t.top_logprobs.length === 2 && t.top_logprobs[0].token === t.token));
  const streamed = [];
  for await (const chunk of await client.chat.completions.create({ ...asked, stream: true })) {
    streamed.push(...(chunk.choices[0].logprobs?.content ?? []));
  }
  assert.deepEqual(streamed, told);
});
await check('completions, logprobs', async () => {
  const answer = await client.completions.create({
    model, prompt: 'SELECT', max_tokens: 5, temperature: 0, logprobs: 2,
  });
  const { tokens, token_logprobs, top_logprobs, text_offset } = answer.choices[0].logprobs;
  assert.equal(tokens.join(''), answer.choices[0].text);
  assert.ok(tokens.every((t, i) => top_logprobs[i][t] === token_logprobs[i]
    && answer.choices[0].text.startsWith(t, text_offset[i])));
});
await check('completions', async () => {
  const answer = await client.completions.create({ model, prompt: 'SELECT', max_tokens: 5, temperature: 0 });
  assert.equal(answer.usage.completion_tokens, 5);
  let text = '';
  const stream = await client.completions.create({
    model, prompt: 'SELECT', max_tokens: 5, temperature: 0, stream: true,
  });
  for await (const piece of stream) text += piece.choices[0].text;
  assert.equal(text, answer.choices[0].text);
});
await check('another model is NotFoundError', () =>
  assert.rejects(client.chat.completions.create({ ...chat, model: 'gpt-0' }), OpenAI.NotFoundError));
await check('a wrong parameter is BadRequestError', () =>
  assert.rejects(client.chat.completions.create({ ...chat, temperature: 9 }), (e) =>
    e instanceof OpenAI.BadRequestError && e.param === 'temperature'));
await check('too many top_logprobs is BadRequestError', () =>
  assert.rejects(client.chat.completions.create({ ...chat, logprobs: true, top_logprobs: 21 }), (e) =>
    e instanceof OpenAI.BadRequestError && e.param === 'top_logprobs'));
await check('an unsupported schema is BadRequestError', () =>
  assert.rejects(client.chat.completions.create({
    ...chat, response_format: { type: 'json_schema', json_schema: { name: 'v', schema: { not: {} } } },
  }), OpenAI.BadRequestError));
await check('an aborted stream leaves the server usable', async () => {
  const stream = await client.chat.completions.create({ ...chat, stream: true });
  for await (const _ of stream) break;
  assert.equal((await client.chat.completions.create(chat)).choices[0].message.content, whole);
});

console.log(failed ? `${failed} failed` : 'all passed');
process.exit(failed ? 1 : 0);
