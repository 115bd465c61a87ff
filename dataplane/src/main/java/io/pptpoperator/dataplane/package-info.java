/**
 * The data plane's command line: {@code serve}, {@code connect}, {@code probe} and {@code load}. Everything else
 * lives in the packages below; docs/architecture.md lists them from the bottom up, and {@code ArchitectureTest}
 * holds them to it.
 */
package io.pptpoperator.dataplane;
