package io.pptpoperator.protocol.ppp.ipcp;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.Automaton;
import io.pptpoperator.protocol.ppp.ConfigureOption;
import java.util.List;
import java.util.Optional;

/** IPCP of the end that hands addresses out: the peer gets what the plan says and nothing else. */
public final class IpcpServerOptions implements IpcpOptions {

    private final AddressPlan plan;
    private boolean tellAddress;
    private boolean peerTookAddress;

    /** For a peer that is to be given {@code plan}. */
    public IpcpServerOptions(AddressPlan plan) {
        this.plan = plan;
    }

    /** For a peer that has taken what {@code plan} gives it. */
    IpcpServerOptions(AddressPlan plan, boolean tellAddress) {
        this(plan);
        this.tellAddress = tellAddress;
        peerTookAddress = true;
    }

    Ipcp.Snapshot snapshot(Automaton.Snapshot opened) {
        return new Ipcp.Snapshot(opened, plan, tellAddress);
    }

    @Override
    public void restart() {
        tellAddress = true;
        peerTookAddress = false;
    }

    @Override
    public List<ConfigureOption> request() {
        return tellAddress ? List.of(IpcpOptions.option(IP_ADDRESS, plan.ourAddress())) : List.of();
    }

    @Override
    public Opinion judge(ConfigureOption option) {
        Optional<Ipv4Address> right = assigned(option.type());
        if (right.isEmpty() || !IpcpOptions.holdsAddress(option)) {
            return Opinion.REJECT;
        }
        return IpcpOptions.address(option).equals(right.get())
                ? Opinion.ACCEPT
                : new Opinion.Nak(IpcpOptions.option(option.type(), right.get()));
    }

    private Optional<Ipv4Address> assigned(int type) {
        return switch (type) {
            case IP_ADDRESS -> Optional.of(plan.peerAddress());
            case DNS_1 -> plan.dns().stream().findFirst();
            case DNS_2 -> plan.dns().stream().skip(1).findFirst();
            case WINS_1 -> plan.wins().stream().findFirst();
            case WINS_2 -> plan.wins().stream().skip(1).findFirst();
            default -> Optional.empty();
        };
    }

    @Override
    public List<ConfigureOption> missing(List<ConfigureOption> requested) {
        return IpcpOptions.find(IP_ADDRESS, requested).isPresent()
                ? List.of()
                : List.of(IpcpOptions.option(IP_ADDRESS, plan.peerAddress()));
    }

    @Override
    public void accepted(List<ConfigureOption> options) {
        peerTookAddress = IpcpOptions.find(IP_ADDRESS, options).isPresent();
    }

    @Override
    public void nakked(ConfigureOption suggestion) {
        // The peer has no say in this end's address; it is told again, and a peer that goes on is not told any more.
    }

    @Override
    public void rejected(ConfigureOption option) {
        tellAddress = false;
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public AddressPlan agreed() {
        return plan;
    }

    @Override
    public Optional<String> objection() {
        return peerTookAddress
                ? Optional.empty()
                : Optional.of("the peer does not take the address assigned to it, " + plan.peerAddress());
    }
}
