/** One thing that is wrong with a graph, and where (RFC 6901). */
export interface GraphFault {
  readonly pointer: string;
  readonly message: string;
}
