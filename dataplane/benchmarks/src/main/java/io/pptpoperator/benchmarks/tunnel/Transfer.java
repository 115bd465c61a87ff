package io.pptpoperator.benchmarks.tunnel;

/**
 * What one run of iperf3 showed.
 *
 * @param gigabitsPerSecond of TCP payload that arrived
 * @param serverCpuPerGigabyte seconds of CPU time that the VPN's server process took per 10^9 bytes
 */
record Transfer(double gigabitsPerSecond, double serverCpuPerGigabyte) {}
