package io.pptpoperator.dataplane.linux.netlink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The keys of a set or map.
 *
 * @param keyLength bytes of a key; the parts of a composed one begin at multiples of 4
 * @param elements what it contains
 */
public record NftSet(int keyLength, List<Element> elements) {

    /** A key, or all keys each of whose parts lies between those of the two. */
    public record Element(byte[] first, byte[] last) {

        /** Whether keys with these bytes at {@code offset} are among them. */
        public boolean admits(int offset, byte[] part) {
            int end = offset + part.length;
            return end <= first.length && Arrays.compareUnsigned(first, offset, end, part, 0, part.length) <= 0
                    && Arrays.compareUnsigned(last, offset, end, part, 0, part.length) >= 0;
        }
    }

    /** Reads an NFT_MSG_NEWSET and the lists of its elements; empty for a set that packets change. */
    static Optional<NftSet> decode(NetlinkMessage set, List<NetlinkMessage> lists) {
        Attributes attributes = set.attributes(NftNumbers.NFGENMSG);
        int flags = attributes.networkNumber(NftNumbers.NFTA_SET_FLAGS).orElse(0);
        if ((flags & (NftNumbers.NFT_SET_TIMEOUT | NftNumbers.NFT_SET_EVAL)) != 0) {
            return Optional.empty();
        }
        int keyLength = attributes.networkNumber(NftNumbers.NFTA_SET_KEY_LEN).orElse(0);
        List<Attributes> elements = lists.stream()
                .flatMap(list -> list.attributes(NftNumbers.NFGENMSG)
                        .nested(NftNumbers.NFTA_SET_ELEM_LIST_ELEMENTS)
                        .elements()
                        .stream())
                .toList();
        boolean ends = (flags & NftNumbers.NFT_SET_INTERVAL) != 0 && (flags & NftNumbers.NFT_SET_CONCAT) == 0;
        return Optional.of(new NftSet(keyLength,
                ends
                        ? intervals(elements, keyLength)
                        : elements.stream().map(element -> element(element, keyLength)).toList()));
    }

    private static Element element(Attributes element, int keyLength) {
        if (isCatchall(element)) {
            return everything(keyLength);
        }
        byte[] first = key(element, NftNumbers.NFTA_SET_ELEM_KEY)
                .orElseThrow(() -> new NetlinkMessageException("an element of an nf_tables set has no key"));
        return new Element(first, key(element, NftNumbers.NFTA_SET_ELEM_KEY_END).orElse(first));
    }

    private static boolean isCatchall(Attributes element) {
        return (flags(element) & NftNumbers.NFT_SET_ELEM_CATCHALL) != 0;
    }

    private static int flags(Attributes element) {
        return element.networkNumber(NftNumbers.NFTA_SET_ELEM_FLAGS).orElse(0);
    }

    private static Optional<byte[]> key(Attributes element, int type) {
        return element.nested(type).bytes(NftNumbers.NFTA_DATA_VALUE);
    }

    private static Element everything(int keyLength) {
        byte[] last = new byte[keyLength];
        Arrays.fill(last, (byte) 0xff);
        return new Element(new byte[keyLength], last);
    }

    /** The end of an interval, or its beginning. */
    private record Mark(byte[] key, boolean end) {}

    /** An interval is two elements: its first key, and the first one behind it unless it goes up to the last of all. */
    private static List<Element> intervals(List<Attributes> elements, int keyLength) {
        List<Element> intervals = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        for (Attributes element : elements) {
            if (isCatchall(element)) {
                intervals.add(everything(keyLength));
            } else {
                marks.add(new Mark(element(element, keyLength).first,
                        (flags(element) & NftNumbers.NFT_SET_ELEM_INTERVAL_END) != 0));
            }
        }
        // Where one ends another may begin.
        marks.sort(Comparator.<Mark, byte[]>comparing(mark -> mark.key, Arrays::compareUnsigned)
                .thenComparing(mark -> !mark.end));
        byte[] open = null;
        for (Mark mark : marks) {
            if (open != null && mark.end) {
                intervals.add(new Element(open, before(mark.key)));
                open = null;
            } else if (open == null && !mark.end) {
                open = mark.key;
            }
        }
        if (open != null) {
            intervals.add(new Element(open, everything(keyLength).last));
        }
        return intervals;
    }

    private static byte[] before(byte[] key) {
        byte[] before = key.clone();
        for (int i = before.length - 1; i >= 0; i--) {
            before[i]--;
            if (before[i] != (byte) 0xff) {
                break;
            }
        }
        return before;
    }
}
