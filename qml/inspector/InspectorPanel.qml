// SPDX-FileCopyrightText: 2026 The Dispatch authors
// SPDX-License-Identifier: MIT

import QtQuick
import QtQuick.Controls.Basic
import QtQuick.Layouts
import Dispatch.Inspector

/// The open inspector: who is looked at, what can be done, and a page of what there is to see.
Rectangle {
    id: panel

    required property InspectorOverlay overlay
    readonly property DispatchInspector inspector: panel.overlay.inspector
    readonly property var client: panel.inspector.client
    readonly property list<string> pages: ["Frames", "States", "Queue", "Presence", "RoundTrip"]
    /// Of the page that is shown; empty if it needs a client, and there is none.
    readonly property string source: panel.client || panel.overlay.page < InspectorOverlay.Queue
        ? "Inspector" + panel.pages[panel.overlay.page] + "Page.qml" : ""

    objectName: "inspectorPanel"
    color: InspectorStyle.panel
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Inspector")

    // What is behind it is not for whoever uses the panel.
    MouseArea {
        anchors.fill: parent
        hoverEnabled: true
        acceptedButtons: Qt.AllButtons
        onWheel: wheel => wheel.accepted = true
    }
    Rectangle {
        anchors { left: parent.left; top: parent.top; bottom: parent.bottom }
        width: 1
        color: InspectorStyle.line
    }

    ColumnLayout {
        anchors { fill: parent; leftMargin: 1 }
        spacing: 0

        InspectorHeader {
            Layout.fillWidth: true
            Layout.margins: InspectorStyle.gap
            inspector: panel.inspector
            onCopyRequested: {
                clipboard.text = panel.inspector.text()
                clipboard.selectAll()
                clipboard.copy()
                clipboard.clear()
            }
            onCloseRequested: panel.overlay.opened = false
        }
        TabBar {
            id: tabs
            Layout.fillWidth: true
            currentIndex: panel.overlay.page
            spacing: 0
            background: Rectangle {
                color: "transparent"
                Rectangle {
                    anchors { left: parent.left; right: parent.right; bottom: parent.bottom }
                    height: 1
                    color: InspectorStyle.line
                }
            }

            InspectorTab { objectName: "framesTab"; text: qsTr("Frames"); onClicked: panel.overlay.page = InspectorOverlay.Frames }
            InspectorTab { objectName: "statesTab"; text: qsTr("States"); count: panel.inspector.states.count; onClicked: panel.overlay.page = InspectorOverlay.States }
            InspectorTab { objectName: "queueTab"; text: qsTr("Queue"); count: panel.client?.queuedEvents ?? 0; onClicked: panel.overlay.page = InspectorOverlay.Queue }
            InspectorTab { objectName: "presenceTab"; text: qsTr("Presence"); count: panel.client?.clients.count ?? 0; onClicked: panel.overlay.page = InspectorOverlay.Presence }
            InspectorTab { objectName: "roundTripsTab"; text: qsTr("RTT"); Accessible.name: qsTr("Round trips"); onClicked: panel.overlay.page = InspectorOverlay.RoundTrips }
        }
        Item {
            Layout.fillWidth: true
            Layout.fillHeight: true

            InspectorText {
                anchors.centerIn: parent
                visible: panel.source === ""
                text: qsTr("There is no client.")
                color: InspectorStyle.muted
            }
            Loader {
                id: page
                anchors.fill: parent
                Component.onCompleted: panel.showPage()
            }
        }
    }
    TextEdit {
        id: clipboard
        visible: false
        textFormat: TextEdit.PlainText
        Accessible.ignored: true
    }

    function showPage(): void {
        page.setSource(panel.source, { "inspector": panel.inspector })
    }
    onSourceChanged: panel.showPage()

    // A tab that is clicked ends the binding of the bar.
    Connections {
        target: panel.overlay
        function onPageChanged(): void { tabs.currentIndex = panel.overlay.page }
    }
}
