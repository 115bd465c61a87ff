/**
 * The resources of group pptp-operator.io as Java records. They are the one source of the CRDs beside this module's
 * pom: descriptions, defaults, bounds and CEL rules stand here as annotations.
 *
 * <p>Lists and maps are never null. Everything else that has no default is null when the resource does not say it,
 * which is what server-side apply needs.
 */
package io.pptpoperator.crds;
