package io.pptpoperator.operator.reconciler.controller;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import io.pptpoperator.crds.PptpServer;
import io.pptpoperator.operator.ObjectKey;

/** Has servers reconciled because something else changed. */
public final class Wakeups {

    private final SimpleInboundEventSource<PptpServer> servers = new SimpleInboundEventSource<>("wakeups");

    SimpleInboundEventSource<PptpServer> servers() {
        return servers;
    }

    /** Has a server reconciled. */
    public void wakeServer(ObjectKey server) {
        servers.propagateEvent(new ResourceID(server.name(), server.namespace()));
    }
}
