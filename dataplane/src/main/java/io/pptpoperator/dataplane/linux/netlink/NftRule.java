package io.pptpoperator.dataplane.linux.netlink;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A rule as the kernel lists it.
 *
 * @param chain the chain that it is in
 * @param handle its number in its table
 * @param comment what nft shows as its comment
 * @param refusesEverything whether it drops or rejects every packet that reaches it
 * @param expressions which packets it concerns and what it does to them
 */
public record NftRule(String chain, long handle, Optional<String> comment, boolean refusesEverything,
        List<NftExpression> expressions) {

    /** Reads an NFT_MSG_NEWRULE. */
    static NftRule decode(NetlinkMessage message) {
        Attributes attributes = message.attributes(NftNumbers.NFGENMSG);
        List<Attributes> expressions = attributes.nested(NftNumbers.NFTA_RULE_EXPRESSIONS).elements();
        return new NftRule(attributes.text(NftNumbers.NFTA_RULE_CHAIN).orElse(""),
                attributes.networkLong(NftNumbers.NFTA_RULE_HANDLE).orElse(0),
                attributes.bytes(NftNumbers.NFTA_RULE_USERDATA).flatMap(NftRule::comment),
                refusesEverything(expressions), expressions.stream().map(NftExpression::decode).toList());
    }

    /** User data is a sequence of {@code u8 type}, {@code u8 length}, value; other programs may store anything. */
    private static Optional<String> comment(byte[] userData) {
        int at = 0;
        while (at + 2 <= userData.length) {
            int length = userData[at + 1] & 0xff;
            if (at + 2 + length > userData.length) {
                break;
            }
            if (userData[at] == NftNumbers.NFTNL_UDATA_RULE_COMMENT && length > 0) {
                return Optional.of(new String(userData, at + 2, length - 1, StandardCharsets.UTF_8));
            }
            at += 2 + length;
        }
        return Optional.empty();
    }

    private static boolean refusesEverything(List<Attributes> expressions) {
        boolean refuses = false;
        for (Attributes expression : expressions) {
            Attributes data = expression.nested(NftNumbers.NFTA_EXPR_DATA);
            switch (expression.text(NftNumbers.NFTA_EXPR_NAME).orElse("")) {
                case "counter", "log" -> {
                    // These neither choose packets nor decide.
                }
                case "reject" -> refuses = true;
                case "immediate" -> refuses |= data.nested(NftNumbers.NFTA_IMMEDIATE_DATA)
                        .nested(NftNumbers.NFTA_DATA_VERDICT)
                        .networkNumber(NftNumbers.NFTA_VERDICT_CODE)
                        .orElse(NftNumbers.NF_ACCEPT) == NftNumbers.NF_DROP;
                case "target" -> refuses |= data.text(NftNumbers.NFTA_TARGET_NAME)
                        .filter(target -> target.equals("REJECT") || target.equals("DROP"))
                        .isPresent();
                case "match" -> {
                    if (!data.text(NftNumbers.NFTA_MATCH_NAME).orElse("").equals("comment")) {
                        return false;
                    }
                }
                default -> {
                    return false;
                }
            }
        }
        return refuses;
    }
}
