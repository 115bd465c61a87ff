/**
 * The operator's command line and what all of its packages name: keys of objects, settings, clients of the API
 * server. docs/architecture.md lists the packages from the bottom up, and {@code ArchitectureTest} holds them to it.
 */
package io.pptpoperator.operator;
