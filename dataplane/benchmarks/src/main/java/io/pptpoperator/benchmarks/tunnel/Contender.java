package io.pptpoperator.benchmarks.tunnel;

import io.pptpoperator.benchmarks.lab.Wire;
import java.nio.file.Path;

/**
 * A VPN with both of its ends running. Inner addresses and inner MTU are the same for all: 1,400 bytes.
 *
 * @param name what the tables call it
 * @param wire where it runs
 * @param server the process whose CPU time counts
 * @param address the server's end of the tunnel
 * @param log where its processes write
 */
record Contender(String name, Wire wire, Process server, String address, Path log) {
    static final String INNER_SERVER = "10.98.0.1";
    static final String INNER_CLIENT = "10.98.0.2";
    static final int INNER_MTU = 1400;
}
