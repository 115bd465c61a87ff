/** What the benchmarks share: network namespaces, programs of the system, samples, and what is said of a target. */
package io.pptpoperator.benchmarks.lab;
