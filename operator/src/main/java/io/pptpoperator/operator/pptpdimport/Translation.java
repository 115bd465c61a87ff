package io.pptpoperator.operator.pptpdimport;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What another program's configuration becomes.
 *
 * @param spec the spec of the PptpServer
 * @param radius its RADIUS servers, if it asks any
 * @param users the users, with their passwords
 * @param comments what is different, and what to do about it
 * @param problems lines that are wrong, or that could not be taken over
 */
record Translation(Map<String, Object> spec, Optional<RadiusDraft> radius, List<UserDraft> users, List<Remark> comments,
        List<Remark> problems) {

    /** Without the users' passwords. */
    @Override
    public String toString() {
        return "Translation[" + users.size() + " users]";
    }
}
