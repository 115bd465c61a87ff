package io.pptpoperator.protocol.ppp.ipcp;

import io.pptpoperator.protocol.address.Ipv4Address;
import io.pptpoperator.protocol.ppp.ConfigureOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** IPCP of the end that asks for its addresses and takes what it is given. */
public final class IpcpClientOptions implements IpcpOptions {

    private final Ipv4Address wish;
    private final boolean askNameServers;
    /** What this end requests, by option type; TreeMap puts the address first. */
    private final Map<Integer, Ipv4Address> wanted = new TreeMap<>();
    private Ipv4Address peerAddress = Ipv4Address.ANY;
    private String failure;

    /**
     * For a server.
     *
     * @param wish the address to ask for, 0.0.0.0 for any
     * @param askNameServers whether to ask for DNS and WINS servers
     */
    public IpcpClientOptions(Ipv4Address wish, boolean askNameServers) {
        this.wish = wish;
        this.askNameServers = askNameServers;
    }

    @Override
    public void restart() {
        wanted.clear();
        wanted.put(IP_ADDRESS, wish);
        if (askNameServers) {
            for (int type : List.of(DNS_1, WINS_1, DNS_2, WINS_2)) {
                wanted.put(type, Ipv4Address.ANY);
            }
        }
        peerAddress = Ipv4Address.ANY;
        failure = null;
    }

    @Override
    public List<ConfigureOption> request() {
        List<ConfigureOption> options = new ArrayList<>();
        wanted.forEach((type, address) -> options.add(IpcpOptions.option(type, address)));
        return options;
    }

    @Override
    public Opinion judge(ConfigureOption option) {
        boolean serversOwn = option.type() == IP_ADDRESS && IpcpOptions.holdsAddress(option)
                && !IpcpOptions.address(option).equals(Ipv4Address.ANY);
        return serversOwn ? Opinion.ACCEPT : Opinion.REJECT;
    }

    @Override
    public List<ConfigureOption> missing(List<ConfigureOption> requested) {
        return List.of();
    }

    @Override
    public void accepted(List<ConfigureOption> options) {
        peerAddress = IpcpOptions.find(IP_ADDRESS, options).map(IpcpOptions::address).orElse(Ipv4Address.ANY);
    }

    /** Some servers suggest 0.0.0.0 while they look for an address, at a RADIUS server for instance. */
    @Override
    public boolean asksForTime(ConfigureOption suggestion) {
        return suggestion.type() == IP_ADDRESS && IpcpOptions.holdsAddress(suggestion)
                && IpcpOptions.address(suggestion).equals(Ipv4Address.ANY);
    }

    @Override
    public void nakked(ConfigureOption suggestion) {
        if (IpcpOptions.holdsAddress(suggestion)) {
            wanted.replace(suggestion.type(), IpcpOptions.address(suggestion));
        }
    }

    @Override
    public void rejected(ConfigureOption option) {
        wanted.remove(option.type());
        if (option.type() == IP_ADDRESS) {
            failure = "the peer gives this end no address";
        }
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public AddressPlan agreed() {
        return new AddressPlan(ourAddress(), peerAddress, known(DNS_1, DNS_2), known(WINS_1, WINS_2));
    }

    private Ipv4Address ourAddress() {
        return wanted.getOrDefault(IP_ADDRESS, Ipv4Address.ANY);
    }

    private List<Ipv4Address> known(int primary, int secondary) {
        return Stream.of(primary, secondary)
                .map(type -> wanted.getOrDefault(type, Ipv4Address.ANY))
                .filter(address -> !address.equals(Ipv4Address.ANY))
                .distinct()
                .toList();
    }

    @Override
    public Optional<String> objection() {
        return ourAddress().equals(Ipv4Address.ANY)
                ? Optional.of("the peer gives this end no address")
                : Optional.empty();
    }
}
