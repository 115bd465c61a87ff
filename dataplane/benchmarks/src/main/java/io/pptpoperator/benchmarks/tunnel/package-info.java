/**
 * Whole tunnels beside one another: each contender with a pair of network namespaces of its own, all the same, and
 * iperf3 and ping through them in turn.
 */
package io.pptpoperator.benchmarks.tunnel;
