import type { LanguageId } from '../../project/index.ts';
import type { Finding, Rule } from '../types.ts';
import { ALL, checked } from './kit.ts';

const CLIENTS: Readonly<Record<LanguageId, RegExp>> = {
  go: /go-openai|openai-go|anthropic-sdk-go|langchaingo|ollama\/api|generative-ai-go|google\.golang\.org\/genai|go-anthropic|cohere-go|mistral-go|bedrockruntime/,
  python:
    /^(openai|anthropic|langchain\w*|langgraph|llama_index|llama_cpp|litellm|cohere|mistralai|ollama|groq|together|transformers|vllm|google\.generativeai|google\.genai|vertexai|dspy|instructor|huggingface_hub|crewai|autogen|semantic_kernel|pydantic_ai)(\.|$)/,
  typescript:
    /^(openai|@anthropic-ai\/.*|langchain|@langchain\/.*|ai|@ai-sdk\/.*|@google\/(generative-ai|genai)|@google-cloud\/vertexai|cohere-ai|@mistralai\/.*|ollama|groq-sdk|together-ai|llamaindex|@huggingface\/inference|@azure\/openai|@aws-sdk\/client-bedrock-runtime|@xenova\/transformers|replicate)(\/|$)/,
};
const HOSTS =
  /\b(api\.openai\.com|api\.anthropic\.com|generativelanguage\.googleapis\.com|aiplatform\.googleapis\.com|api\.mistral\.ai|api\.cohere\.(ai|com)|api\.groq\.com|openrouter\.ai|api\.deepseek\.com|api\.together\.(xyz|ai)|api\.x\.ai|api\.perplexity\.ai|api\.fireworks\.ai|[\w-]+\.openai\.azure\.com|bedrock-runtime\.[\w-]+\.amazonaws\.com|api-inference\.huggingface\.co|(localhost|127\.0\.0\.1):11434)\b/i;

export const noLlm: Rule = {
  id: 'no-llm',
  title: 'The agent calls no LLM',
  group: 'conduct',
  severity: 'error',
  why: 'The engine chooses the model, pays for it and keeps the data where it may be; an agent’s own call does none of that.',
  mend: 'Return structured data: the engine’s LLM reads it.',
  languages: ALL,
  examples: {
    typescript: { bad: "import OpenAI from 'openai';", good: 'return respond({ logs });' },
    go: {
      bad: 'import "github.com/sashabaranov/go-openai"',
      good: 'return mirastack.RespondMap(map[string]any{"logs": logs})',
    },
    python: { bad: 'import openai', good: 'return ExecuteResponse(output={"logs": logs})' },
  },
  check({ workspace, language }) {
    const findings: Finding[] = [];
    for (const file of workspace.agentFiles) {
      for (const item of file.imports)
        if (CLIENTS[language].test(item.module))
          findings.push({ message: `${item.module} calls an LLM`, place: file.placeOf(item) });
      for (const node of file.texts) {
        const host = HOSTS.exec(node.value)?.[1];
        if (host !== undefined)
          findings.push({ message: `${host} is the address of an LLM`, place: file.placeOf(node) });
      }
    }
    return checked(findings);
  },
};
