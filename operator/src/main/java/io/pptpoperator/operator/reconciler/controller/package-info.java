/**
 * Reconciling a PptpServer: a pass looks once ({@code ServerSnapshot}), works out what shall be ({@code ServerPlan},
 * pure), and writes the difference. {@code ServerStates} has what came of it, for whoever tells people.
 */
package io.pptpoperator.operator.reconciler.controller;
