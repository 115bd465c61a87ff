/**
 * What the administration port and whoever asks it agree on: paths, headers, records and their JSON. The data plane's
 * server, the operator and the kubectl plugin share it; nothing here listens, asks or decides.
 */
package io.pptpoperator.dataplane.adminapi;
