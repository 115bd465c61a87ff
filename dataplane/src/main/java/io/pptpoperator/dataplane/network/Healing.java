package io.pptpoperator.dataplane.network;

import java.util.List;

/**
 * What came of putting a server's network right; both lists are empty when it was right already.
 *
 * @param repaired what was wrong and is right now
 * @param failed what is still wrong and why
 */
public record Healing(List<String> repaired, List<String> failed) {

    /** Takes copies of the lists. */
    public Healing {
        repaired = List.copyOf(repaired);
        failed = List.copyOf(failed);
    }
}
