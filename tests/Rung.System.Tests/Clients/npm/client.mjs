// OpenAI's own JavaScript client against a running gateway: node client.mjs BASE_URL KEY. Prints one JSON object; the test judges it.
import OpenAI from "openai";

const [baseURL, apiKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const model = "rung/job";
const ask = (content) => ({ model, messages: [{ role: "user", content }] });
const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: { city: { type: "string" } } } } }];
const results = {};

const chat = await client.chat.completions.create({ ...ask("hello"), max_tokens: 50 });
results.chat = [chat.choices[0].message.content, chat.usage.total_tokens];

let text = "";
let usage = null;
for await (const chunk of await client.chat.completions.create({ ...ask("hello"), stream: true, stream_options: { include_usage: true } })) {
  text += chunk.choices[0]?.delta?.content ?? "";
  usage = chunk.usage ?? usage;
}
results.stream = [text, usage.total_tokens];

let unasked = 0;
for await (const chunk of await client.chat.completions.create({ ...ask("hello"), stream: true })) unasked += chunk.usage || chunk.choices.length === 0 ? 1 : 0;
results.unaskedUsage = unasked;

const tool = await client.chat.completions.create({ ...ask("weather?"), tools });
results.tool = tool.choices[0].message.tool_calls[0].function;

const streamed = await client.chat.completions.stream({ ...ask("weather?"), tools }).finalChatCompletion();
results.streamedTool = { name: streamed.choices[0].message.tool_calls[0].function.name, arguments: streamed.choices[0].message.tool_calls[0].function.arguments };

const long = await client.chat.completions.create({ ...ask("long"), stream: true });
for await (const chunk of long) {
  results.abort = chunk.choices[0].delta.content;
  long.controller.abort();
}

results.errors = {};
for (const [name, options, prompt] of [
  ["wrong key", { apiKey: "sk-wrong" }, "hello"],
  ["bad request", {}, "fail 400"],
  ["server error", {}, "fail 500"],
  ["rate limit", {}, "fail 429"],
]) {
  try {
    await new OpenAI({ baseURL, apiKey, maxRetries: 0, ...options }).chat.completions.create(ask(prompt));
    results.errors[name] = "none";
  } catch (error) {
    results.errors[name] = `${error.constructor.name} ${error.status}`;
  }
}
console.log(JSON.stringify(results));
