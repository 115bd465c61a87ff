package io.pptpoperator.dataplane.linux.netlink;

import java.util.Optional;

/**
 * A base chain: one that the kernel itself sends packets to.
 *
 * @param family its table's family
 * @param table its table
 * @param name its name
 * @param hook number of the hook (NF_INET_)
 * @param type {@code filter}, {@code nat} or {@code route}
 * @param dropPolicy whether it drops what none of its rules decides
 */
public record NftChain(NftFamily family, String table, String name, int hook, String type, boolean dropPolicy) {

    /** Whether it sees packets at {@code hook}. */
    public boolean isAt(NftHook hook) {
        return this.hook == hook.number();
    }

    /** Reads an NFT_MSG_NEWCHAIN; empty for a chain without hook and one that IPv4 packets do not pass. */
    static Optional<NftChain> decode(NetlinkMessage message) {
        int familyNumber = message.structure(NftNumbers.NFGENMSG).get(0) & 0xff;
        Attributes attributes = message.attributes(NftNumbers.NFGENMSG);
        Attributes hook = attributes.nested(NftNumbers.NFTA_CHAIN_HOOK);
        if (!attributes.has(NftNumbers.NFTA_CHAIN_HOOK)) {
            return Optional.empty();
        }
        return NftFamily.of(familyNumber)
                .map(family -> new NftChain(family, attributes.text(NftNumbers.NFTA_CHAIN_TABLE).orElse(""),
                        attributes.text(NftNumbers.NFTA_CHAIN_NAME).orElse(""),
                        hook.networkNumber(NftNumbers.NFTA_HOOK_HOOKNUM).orElse(-1),
                        attributes.text(NftNumbers.NFTA_CHAIN_TYPE).orElse(""),
                        attributes.networkNumber(NftNumbers.NFTA_CHAIN_POLICY)
                                .orElse(NftNumbers.NF_ACCEPT) == NftNumbers.NF_DROP));
    }

    /** Whether an NFT_MSG_NEWCHAIN is about a base chain at netdev's egress hook, whatever its link. */
    static boolean isAtEgress(NetlinkMessage message) {
        Attributes attributes = message.attributes(NftNumbers.NFGENMSG);
        return (message.structure(NftNumbers.NFGENMSG).get(0) & 0xff) == NftNumbers.NFPROTO_NETDEV
                && attributes.has(NftNumbers.NFTA_CHAIN_HOOK)
                && attributes.nested(NftNumbers.NFTA_CHAIN_HOOK)
                        .networkNumber(NftNumbers.NFTA_HOOK_HOOKNUM)
                        .orElse(-1) == NftNumbers.NF_NETDEV_EGRESS;
    }

    /** As nft writes it: family, table and chain. */
    @Override
    public String toString() {
        return family + " " + table + " " + name;
    }
}
