import "./tablet.css"; export {};
