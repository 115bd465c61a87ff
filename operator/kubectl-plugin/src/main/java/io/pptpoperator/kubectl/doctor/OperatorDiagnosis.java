package io.pptpoperator.kubectl.doctor;

import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.kubectl.installation.OperatorLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether an operator is at work, and what does not apply because none is. Pure. */
final class OperatorDiagnosis {

    private OperatorDiagnosis() {}

    static Finding of(OperatorLease lease, List<PptpServer> servers, Optional<VpnUser> user) {
        String subject = "Lease " + lease.key();
        if (!lease.isAbandoned()) {
            return lease.state() == OperatorLease.State.HELD
                    ? Finding.ok(subject, lease.sentence())
                    : new Finding(Finding.Level.UNKNOWN, subject, lease.sentence(), lease.remedies(), List.of());
        }
        var follows = new ArrayList<String>();
        servers.stream()
                .filter(it -> !it.isObserved())
                .forEach(it -> follows.add(ServerDiagnosis.subject(it) + notLookedAt(it.getStatus() == null)));
        user.filter(it -> !it.isObserved())
                .ifPresent(it -> follows.add(UserDiagnosis.subject(it) + notLookedAt(it.getStatus() == null)));
        return new Finding(Finding.Level.PROBLEM, subject, lease.sentence(), lease.remedies(), follows);
    }

    private static String notLookedAt(boolean never) {
        return never ? ": nobody has looked at it" : ": its last change is not in force";
    }
}
