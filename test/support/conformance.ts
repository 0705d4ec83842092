import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { Dialect } from '../../src/rest/dialect';
import { openApiOf } from '../../src/rest/openapi';

interface Response {
  content: { 'application/json': { schema: object } };
}

interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Response | { $ref: string }> }>>;
  components: { responses: Record<string, Response> };
}

/** An answer as far as a dialect's document speaks of it. */
export interface Documented {
  method: string;
  /** Path of the operation as the document has it. */
  path: string;
  status: number;
  body: unknown;
}

/** Holds answers against the OpenAPI document of a dialect. */
export class Conformance {
  private readonly document: Document;
  private readonly ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));

  constructor(dialect: Dialect) {
    this.document = openApiOf(dialect) as unknown as Document;
  }

  /** What an answer has that its operation does not document; undefined when all of it is documented. */
  faultOf({ method, path, status, body }: Documented): string | undefined {
    const { paths, components } = this.document;
    const part = paths[path]?.[method.toLowerCase()]?.responses[status];
    if (!part) return `${method} ${path} documents no answer with status ${status}`;
    const response = '$ref' in part ? components.responses[part.$ref.split('/').at(-1) as string] : part;
    const validate = this.ajv.compile(response?.content['application/json'].schema as object);
    return validate(body) ? undefined : this.ajv.errorsText(validate.errors);
  }
}
