package io.pptpoperator.benchmarks.micro;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.address.Ipv4Prefix;
import io.pptpoperator.protocol.ip.RoutingTable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Finds the session of a packet's destination, a different one each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SessionLookupBenchmark {
    private static final int FIRST = Ipv4Address.parse("10.0.0.1").bits();

    /** Sessions, one address each. */
    @Param({"1", "10000"})
    public int sessions;

    private final RoutingTable<Integer> routes = new RoutingTable<>();
    private int next;

    /** Gives every session its address. */
    @Setup
    public void fill() {
        for (int i = 0; i < sessions; i++) {
            routes.put(new Ipv4Prefix(new Ipv4Address(FIRST + i), 32), i);
        }
    }

    /** One lookup. */
    @Benchmark
    public Integer find() {
        next = next + 1 < sessions ? next + 1 : 0;
        return routes.find(FIRST + next);
    }
}
