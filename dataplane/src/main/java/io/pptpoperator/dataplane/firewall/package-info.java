/**
 * Whether this host's own netfilter rules could do anything to GRE between it and its peers. All of it errs to one
 * side: what is not understood does something.
 */
package io.pptpoperator.dataplane.firewall;
