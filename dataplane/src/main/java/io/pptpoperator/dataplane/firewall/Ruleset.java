package io.pptpoperator.dataplane.firewall;

import io.pptpoperator.dataplane.linux.netlink.NftFamily;
import io.pptpoperator.dataplane.linux.netlink.NftRule;
import io.pptpoperator.dataplane.linux.netlink.NftSet;
import io.pptpoperator.dataplane.linux.netlink.Nftables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kernel's rules, each chain and set read once, when it is first asked for. */
final class Ruleset {

    /** More keys than this are not worth being read again whenever one changes. */
    private static final int MAX_ELEMENTS = 50_000;

    /** The name of a chain or a set. */
    private record Name(NftFamily family, String table, String name) {}

    private final Nftables nftables;
    private final Map<Name, List<NftRule>> chains = new HashMap<>();
    private final Map<Name, Optional<NftSet>> sets = new HashMap<>();

    Ruleset(Nftables nftables) {
        this.nftables = nftables;
    }

    List<NftRule> chain(NftFamily family, String table, String chain) {
        return chains.computeIfAbsent(new Name(family, table, chain), name -> nftables.rules(family, table, chain));
    }

    Optional<NftSet> set(NftFamily family, String table, String set) {
        return sets.computeIfAbsent(new Name(family, table, set),
                name -> nftables.set(family, table, set).filter(read -> read.elements().size() <= MAX_ELEMENTS));
    }
}
