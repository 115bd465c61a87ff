package io.pptpoperator.operator.status;

import io.pptpoperator.crds.VpnProfile;
import io.pptpoperator.operator.ObjectKey;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the status of a VpnProfile is worked out from.
 *
 * @param profile the resource
 * @param problems what is wrong with it, each with its field
 * @param users how many users have it at each server where somebody has
 * @param outside networks of its allowedDestinations that lie outside a server's, for each of those servers
 */
public record ProfileFacts(VpnProfile profile, List<String> problems, SortedMap<ObjectKey, Integer> users,
        SortedMap<ObjectKey, List<String>> outside) {

    /** Copies the collections. */
    public ProfileFacts {
        problems = List.copyOf(problems);
        users = Collections.unmodifiableSortedMap(new TreeMap<>(users));
        outside = Collections.unmodifiableSortedMap(new TreeMap<>(outside));
    }
}
