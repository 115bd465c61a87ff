package io.pptpoperator.operator.status;

import io.pptpoperator.dataplane.adminapi.RadiusView;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a PptpServer's RADIUS servers.
 *
 * @param leftOut what of the settings the pods could not be told
 * @param reports what ready pods say of the servers, by the pod's name
 * @param tooOld ready pods whose image knows no RADIUS
 */
public record RadiusFacts(List<LeftOut> leftOut, SortedMap<String, RadiusView> reports, List<String> tooOld) {

    /**
     * Something that the pods could not be told.
     *
     * @param reason for programs
     * @param message for people
     */
    public record LeftOut(String reason, String message) {}

    /** Copies the collections. */
    public RadiusFacts {
        leftOut = List.copyOf(leftOut);
        reports = new TreeMap<>(reports);
        tooOld = List.copyOf(tooOld);
    }
}
