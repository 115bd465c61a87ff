package io.pptpoperator.operator.reconciler;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.crds.VpnUser;
import io.pptpoperator.operator.ObjectKey;

/** Has resources reconciled because something else changed. */
final class Wakeups {

    private final SimpleInboundEventSource<PptpServer> servers = new SimpleInboundEventSource<>("wakeups");
    private final SimpleInboundEventSource<VpnUser> users = new SimpleInboundEventSource<>("wakeups");

    SimpleInboundEventSource<PptpServer> servers() {
        return servers;
    }

    SimpleInboundEventSource<VpnUser> users() {
        return users;
    }

    void wakeServer(ObjectKey server) {
        servers.propagateEvent(new ResourceID(server.name(), server.namespace()));
    }

    void wakeUser(ObjectKey user) {
        users.propagateEvent(new ResourceID(user.name(), user.namespace()));
    }
}
