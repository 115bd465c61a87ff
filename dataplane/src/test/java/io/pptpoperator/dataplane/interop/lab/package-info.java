/**
 * The building blocks of the interop lab: network namespaces, guests that are real PPTP clients and servers, the server
 * under test as a process, captures. Needs root and Debian packages; {@code .ci/run} installs them.
 */
package io.pptpoperator.dataplane.interop.lab;
