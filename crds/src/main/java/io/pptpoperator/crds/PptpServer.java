package io.pptpoperator.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A PPTP server: one or several pods that clients dial in to. Printer columns are in the order people see them. */
// @formatter:off
@Group(PptpServer.GROUP)
@Version(PptpServer.VERSION)
@ShortNames("pptps")
@Categories("vpn")
@ValidationRule(value = "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,43}[a-z0-9])?$')",
        message = "metadata.name must be 1 to 45 lower-case letters, digits and dashes, starting with a letter, "
                + "because Services and pods are named after it")
@JsonClassDescription("A PPTP server: one or several pods on nodes that clients dial in to, their address "
        + "pools, and how clients prove who they are. Users are VpnUser resources.")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type=='Ready')].status")
@AdditionalPrinterColumn(name = "Available", jsonPath = ".status.conditions[?(@.type=='Available')].status")
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.conditions[?(@.type=='Ready')].reason")
@AdditionalPrinterColumn(name = "Address", jsonPath = ".status.address")
@AdditionalPrinterColumn(name = "Sessions", jsonPath = ".status.sessions",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Users", jsonPath = ".status.users",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Pods", jsonPath = ".status.readyReplicas",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Pool", jsonPath = ".status.pool.size",
        type = AdditionalPrinterColumn.Type.INTEGER, priority = 1)
@AdditionalPrinterColumn(name = "In use", jsonPath = ".status.pool.used",
        type = AdditionalPrinterColumn.Type.INTEGER, priority = 1)
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type=='Ready')].message",
        priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
// @formatter:on
@JsonDeserialize(using = PptpServer.Reader.class)
public final class PptpServer extends TolerantResource<PptpServerSpec, PptpServerStatus> {

    @Override
    Long observedGeneration() {
        return getStatus() == null ? null : getStatus().observedGeneration();
    }

    /** API group of both resources. */
    public static final String GROUP = "pptp-operator.io";
    /** API version of both resources. */
    public static final String VERSION = "v1alpha1";

    /** Reads what the API server has, and leaves out what this release cannot read. */
    static final class Reader extends TolerantDeserializer<PptpServerSpec, PptpServerStatus, PptpServer> {

        Reader() {
            super(PptpServer.class, PptpServer::new, PptpServerSpec.class, PptpServerStatus.class, true);
        }
    }
}
