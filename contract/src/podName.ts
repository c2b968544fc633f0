/** A pod's name: a Kubernetes object name or an `address:port`, at most 253 characters. */
export const POD_NAME = /^[A-Za-z0-9]([A-Za-z0-9._:[\]-]{0,251}[A-Za-z0-9\]])?$/;
