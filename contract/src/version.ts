/** The version of everything in this repository, as every manifest has it. */
export const VERSION = '0.1.0';
